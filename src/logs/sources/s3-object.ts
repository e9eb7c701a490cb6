/** One object as it was when it was listed. */
export interface S3Object {
  readonly bucket: string;
  readonly key: string;
  /** Changes with the content. */
  readonly etag: string;
  readonly bytes: number;
  /** When it was written, epoch ms; null where the listing does not say. */
  readonly writtenMs: number | null;
}

/** What people call an object. */
export function nameOf({ bucket, key }: S3Object): string {
  return `s3://${bucket}/${key}`;
}
