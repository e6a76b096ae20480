const required = [22, 22, 0]

/**
 * What a program of ours says on a Node it cannot run on; `null` where it can. This file runs on any Node and imports
 * nothing: a program asks it before anything newer is loaded.
 */
export function describeOldNode(program: string, version: string = process.versions.node): string | null {
  const found = version.split('.').map(Number)
  const difference = required.map((part, index) => (found[index] ?? 0) - part).find((part) => part !== 0) ?? 0
  return difference >= 0
    ? null
    : `${program} needs Node ${required.join('.')} or newer, and this is ${version}. ` +
        'Install a current Node from https://nodejs.org and run the command again.'
}
