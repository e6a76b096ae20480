import { chmod, mkdir, rename, rm, rmdir, stat, unlink, writeFile } from 'node:fs/promises'

/** The only functions that change the disk. Tests stop between any two of them. */
export interface FileOperations {
  makeFolder(path: string): Promise<void>
  /** Refuses when the folder exists. */
  claimFolder(path: string): Promise<void>
  /** @param like A file whose permissions the new one gets, where it exists. */
  write(path: string, text: string, like?: string): Promise<void>
  move(from: string, to: string): Promise<void>
  remove(path: string): Promise<void>
  removeTree(path: string): Promise<void>
  /** Does nothing where something is left in the folder. */
  removeEmptyFolder(path: string): Promise<void>
}

export const diskOperations: FileOperations = {
  async makeFolder(path) {
    await mkdir(path, { recursive: true })
  },
  async claimFolder(path) {
    await mkdir(path)
  },
  async write(path, text, like) {
    await writeFile(path, text, { flush: true })
    const mode =
      like === undefined
        ? null
        : await stat(like).then(
            (found) => found.mode & 0o777,
            () => null,
          )
    if (mode !== null) await chmod(path, mode)
  },
  move: rename,
  remove: unlink,
  async removeTree(path) {
    await rm(path, { recursive: true, force: true })
  },
  async removeEmptyFolder(path) {
    await rmdir(path).catch(() => undefined)
  },
}
