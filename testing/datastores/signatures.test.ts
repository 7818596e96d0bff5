/** Both rooms sign as AWS publishes it: its own examples for S3, and whatever requests the fake's independent computation accepts. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import * as control from '#control/datastores/blobs/s3/sign-request.ts';
import * as gateway from '#content/gateway/datastores/s3/sign-request.ts';
import { signatureFault } from './signature.ts';

const credential = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const host = 'examplebucket.s3.amazonaws.com';
const at = new Date('2013-05-24T00:00:00Z');

for (const [room, { signRequest, encodedPath, encodedQuery, sha256 }] of [['control', control], ['gateway', gateway]] as const) {
  describe(room, () => {
    /** https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
    const examples: [name: string, request: { method: string; path: string; query: string; headers: Record<string, string>; sha256: string }, signature: string][] = [
      ['GET Object', { method: 'GET', path: '/test.txt', query: '', headers: { range: 'bytes=0-9' }, sha256: sha256('') }, 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41'],
      ['PUT Object', { method: 'PUT', path: encodedPath('/test$file.text'), query: '', headers: { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' }, sha256: sha256('Welcome to Amazon S3.') }, '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd'],
      ['GET Bucket Lifecycle', { method: 'GET', path: '/', query: encodedQuery({ lifecycle: '' }), headers: {}, sha256: sha256('') }, 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543'],
      ['GET Bucket', { method: 'GET', path: '/', query: encodedQuery({ prefix: 'J', 'max-keys': '2' }), headers: {}, sha256: sha256('') }, '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7'],
    ];
    for (const [name, request, signature] of examples) {
      test(`AWS's example: ${name}`, () => assert.equal(/Signature=(\w+)$/.exec(signRequest({ ...request, host }, credential, 'us-east-1', at)['authorization'] ?? '')?.[1], signature));
    }

    test('any path, query, header and session is signed as it is sent', () => {
      const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((text) => !text.includes('/') && text.isWellFormed());
      const value = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/);
      fc.assert(fc.property(fc.array(words, { minLength: 1, maxLength: 4 }), fc.dictionary(words, words, { maxKeys: 4 }), value, fc.option(value, { nil: undefined }), (segments, parameters, meta, sessionToken) => {
        const [path, query] = [encodedPath(`/${segments.join('/')}`), encodedQuery(parameters)];
        const headers = signRequest({ method: 'PUT', host, path, query, headers: { 'x-amz-meta-mark': meta }, sha256: sha256('body') }, { ...credential, sessionToken }, 'eu-west-1', at);
        const url = query === '' ? path : `${path}?${query}`;
        assert.equal(signatureFault({ method: 'PUT', url, headers: { ...headers, host } }, { ...credential, sessionToken }, 'eu-west-1', at), undefined);
        assert.equal(signatureFault({ method: 'GET', url, headers: { ...headers, host } }, { ...credential, sessionToken }, 'eu-west-1', at), 'SignatureDoesNotMatch');
      }));
    });
  });
}
