/** The lists of a bucket, read page by page: objects, their versions, and uploads that nobody has finished. Prefixes are of whole keys. */
import { BucketError } from './bucket-error.ts';
import type { Bucket } from './bucket.ts';
import { all, textOf } from './xml.ts';
import type { Element } from './xml.ts';

export interface Version { key: string; version: string }
export interface Upload { key: string; upload: string }

/** Query parameter of the next page, and the element of this page that says it. */
type Markers = Readonly<Record<string, string>>;

async function* pages(bucket: Bucket, prefix: string, query: Record<string, string>, markers: Markers): AsyncGenerator<Element> {
  let next: Record<string, string> = {};
  for (;;) {
    const { xml } = await bucket.ask({ method: 'GET', query: { ...query, prefix, 'encoding-type': 'url', ...next } });
    if (!xml) throw new BucketError(200, 'MalformedXML');
    yield xml;
    if (textOf(xml, 'IsTruncated') !== 'true') return;
    const following = Object.fromEntries(Object.entries(markers).map(([parameter, element]) => [parameter, element.endsWith('KeyMarker') ? decoded(xml, textOf(xml, element)) : textOf(xml, element)] as const).filter(([, value]) => value !== ''));
    // A page that leads to itself would have no end.
    if (Object.keys(following).length === 0 || JSON.stringify(following) === JSON.stringify(next)) throw new BucketError(200, 'MalformedXML');
    next = following;
  }
}

/** Keys come encoded where the storage says that it has done so. */
function decoded(page: Element, key: string): string {
  if (textOf(page, 'EncodingType') !== 'url') return key;
  try { return decodeURIComponent(key.replaceAll('+', ' ')); } catch (error) { throw new BucketError(200, 'MalformedXML', error); }
}

/** Delete markers too. @throws BucketError not offered, where the storage has no versions */
export async function* versions(bucket: Bucket, prefix: string): AsyncGenerator<Version> {
  for await (const page of pages(bucket, prefix, { versions: '' }, { 'key-marker': 'NextKeyMarker', 'version-id-marker': 'NextVersionIdMarker' })) {
    for (const found of [...all(page, 'Version'), ...all(page, 'DeleteMarker')]) yield { key: decoded(page, textOf(found, 'Key')), version: textOf(found, 'VersionId') };
  }
}
export async function* objects(bucket: Bucket, prefix: string): AsyncGenerator<string> {
  for await (const page of pages(bucket, prefix, { 'list-type': '2' }, { 'continuation-token': 'NextContinuationToken' })) {
    for (const found of all(page, 'Contents')) yield decoded(page, textOf(found, 'Key'));
  }
}
export async function* uploads(bucket: Bucket, prefix: string): AsyncGenerator<Upload> {
  for await (const page of pages(bucket, prefix, { uploads: '' }, { 'key-marker': 'NextKeyMarker', 'upload-id-marker': 'NextUploadIdMarker' })) {
    for (const found of all(page, 'Upload')) yield { key: decoded(page, textOf(found, 'Key')), upload: textOf(found, 'UploadId') };
  }
}
