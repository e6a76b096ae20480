import { spawn } from 'node:child_process'
import { gitEnvironment } from '../child-environment.ts'

// A path is no pattern: `[id].tsx` is one file. `check-ignore` takes paths as they are, and refuses to be told so.
const LITERAL_PATHS = { GIT_LITERAL_PATHSPECS: '1' }

/**
 * Runs git in a folder.
 *
 * @param input Goes to its standard input.
 * @returns What it printed; `null` when there is no git, no repository, or git refuses.
 */
export function runGit(root: string, args: readonly string[], input = ''): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn('git', args, {
      cwd: root,
      env: { ...gitEnvironment(), ...(args[0] === 'check-ignore' ? {} : LITERAL_PATHS) },
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.on('error', () => resolve(null))
    child.on('close', (code) => resolve(code === 0 ? Buffer.concat(chunks).toString('utf8') : null))
    child.stdin.on('error', () => undefined) // git ended before it read everything: its code says why
    child.stdin.end(input)
  })
}
