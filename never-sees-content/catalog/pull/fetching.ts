/** What a source needs to fetch one file, and what it gives back. */
export interface Fetching {
  /** The file is written here; what lies there already is the beginning of it. */
  partPath: string;
  /** A folder of this pull for whatever the source needs besides; removed afterwards. */
  workFolder: string;
  /** Largest size accepted, bytes. */
  sizeLimit: number;
  signal: AbortSignal;
  /** Bytes received of this file so far, and in all where known. */
  onProgress: (received: number, total: number | null) => void;
}
export interface Fetched {
  /** A SHA-256 that the source itself vouches for, where the manifest has none. */
  sha256?: string;
}
