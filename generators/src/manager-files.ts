/** Files that a package manager reads beside `package.json`. They name our packages at the version of the app. */
const managerFiles: ReadonlySet<string> = new Set(['pnpm-workspace.yaml', '.yarnrc.yml'])

export function isManagerFile(path: string): boolean {
  return managerFiles.has(path)
}

/** `- '@sigra/core@0.1.0'` of the template at the version that is rendered. */
export function withVersions(text: string, version: string): string {
  return text
    .split('\n')
    .map((line) => {
      const at = line.lastIndexOf('@')
      return line.trimStart().startsWith("- '@sigra/") ? `${line.slice(0, at)}@${version}'` : line
    })
    .join('\n')
}
