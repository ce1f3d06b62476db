/** One file of the web console. */
export interface PageFile {
  readonly type: string;
  readonly content: Buffer;
  readonly gzip?: Buffer;
  /** Its name holds a hash of its content: under this name it will never be another. */
  readonly isHashed: boolean;
}

/** Files of the web console by their path, which begins with a slash; `/index.html` is every page that is no file. */
export type Pages = ReadonlyMap<string, PageFile>;
