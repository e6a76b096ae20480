const required = [22, 22, 0]

const EXIT_CODE = 4

/**
 * Runs a program of ours, or says which Node it needs. This file runs on any Node and imports nothing: whatever is newer
 * is loaded by `run`.
 */
export async function runOnCurrentNode(program: string, run: () => Promise<unknown>): Promise<void> {
  const problem = describeOldNode(program, process.versions.node)
  if (problem === null) {
    await run()
    return
  }
  process.stderr.write(`${problem}\n`)
  process.exitCode = EXIT_CODE
}

function describeOldNode(program: string, version: string): string | null {
  const found = version.split('.').map(Number)
  const difference = required.map((part, index) => (found[index] ?? 0) - part).find((part) => part !== 0) ?? 0
  return difference >= 0
    ? null
    : `${program} needs Node ${required.join('.')} or newer, and this is ${version}. ` +
        'Install a current Node from https://nodejs.org and run the command again.'
}
