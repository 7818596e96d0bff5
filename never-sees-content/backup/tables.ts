export interface BackupTables {
  /** `digest`: of the manifest, or of the file of keys. `place`: where it was written, as whoever made it said. */
  backups: { id: string; kind: 'data' | 'keys'; taken_at: string; objects: number; bytes: number; digest: string; place: string };
}
