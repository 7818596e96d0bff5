/** Signatures are those of AWS's published test suite for Signature Version 4, where its requests are of the form that we send. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { signRequest } from './sign-request.ts';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const sessionToken = 'AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==';
const scope = { region: 'us-east-1', service: 'service', at: new Date('2015-08-30T12:36:00Z') };
const form = 'application/x-www-form-urlencoded';

interface Vector { name: string; method?: string; headers?: Record<string, string>; body?: string; sessionToken?: string; signs: string; signature: string }
const vectors: Vector[] = [
  { name: 'post-vanilla', signs: 'host;x-amz-date', signature: '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b' },
  { name: 'post-header-key-sort', headers: { 'My-Header1': 'value1' }, signs: 'host;my-header1;x-amz-date', signature: 'c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c' },
  { name: 'post-header-value-case', headers: { 'My-Header1': 'VALUE1' }, signs: 'host;my-header1;x-amz-date', signature: 'cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d' },
  { name: 'get-header-value-trim', method: 'GET', headers: { 'My-Header1': ' value1', 'My-Header2': ' "a   b   c"' }, signs: 'host;my-header1;my-header2;x-amz-date', signature: 'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736' },
  { name: 'post-x-www-form-urlencoded', headers: { 'Content-Type': form }, body: 'Param1=value1', signs: 'content-type;host;x-amz-date', signature: 'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a' },
  { name: 'post-x-www-form-urlencoded-parameters', headers: { 'Content-Type': `${form}; charset=utf8` }, body: 'Param1=value1', signs: 'content-type;host;x-amz-date', signature: '1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe' },
  { name: 'post-sts-header-before', sessionToken, signs: 'host;x-amz-date;x-amz-security-token', signature: '85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead' },
];

for (const { name, method = 'POST', headers = {}, body = '', signs, signature, ...token } of vectors) {
  test(name, () => {
    const sent = signRequest({ method, host: 'example.amazonaws.com', path: '/', headers, body }, { ...credentials, ...('sessionToken' in token ? { sessionToken } : {}) }, scope);
    assert.equal(sent['authorization'], `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=${signs}, Signature=${signature}`);
    assert.equal(sent['x-amz-date'], '20150830T123600Z');
  });
}

test('the signature covers the body, the secret and the time', () => {
  const signed = (body: string, secretAccessKey: string, second: number): string | undefined =>
    signRequest({ method: 'POST', host: 'h', path: '/', headers: {}, body }, { accessKeyId: 'AKIDEXAMPLE', secretAccessKey }, { ...scope, at: new Date(1_440_938_160_000 + second * 1000) })['authorization'];
  fc.assert(fc.property(fc.tuple(fc.string(), fc.string(), fc.nat(9999)), fc.tuple(fc.string(), fc.string(), fc.nat(9999)), (a, b) => (signed(...a) === signed(...b)) === (a.join('\0') === b.join('\0'))));
});
