/**
 * A tree of files for other programs, empty at first. A put is there wholly or not at all, and durable when its promise resolves; nothing is
 * put twice. Problems: `storage_full` · `unavailable` the disk failed.
 */
export interface Lake {
  /** `days/metric=total_steps/month=2024-05/part-00000.parquet`; folders are made as they are needed. */
  put(path: string, bytes: Uint8Array): Promise<void>
  /** Takes back everything that was put. */
  clear(): Promise<void>
}
