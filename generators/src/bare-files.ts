/**
 * Files a React Router app has before anything of ours is installed. They are rendered only when the app is ours
 * from the start (`app: 'created'`); in an existing app the host has its own, and only edits reach them.
 */
const bareFiles: ReadonlySet<string> = new Set([
  '.gitattributes',
  '.gitignore',
  '.npmrc',
  '.oxlintrc.json',
  '.prettierignore',
  '.prettierrc.json',
  '.yarnrc.yml',
  'README.md',
  'app/app.css',
  'app/request-id.ts',
  'app/root.tsx',
  'app/routes.ts',
  'app/routes/favicon.ts',
  'app/routes/home.tsx',
  'package.json',
  'pnpm-workspace.yaml',
  'react-router.config.ts',
  'tsconfig.json',
  'vite.config.ts',
])

/** Files that both a bare app and an install into an existing one need. */
const sharedFiles: ReadonlySet<string> = new Set(['app/brand.ts'])

/**
 * Files that are written once and then grow by key or by line (see `edits/`): merging them as text would make
 * conflicts out of two neighbouring dependencies.
 */
const seedFiles: ReadonlySet<string> = new Set(['.env.example', '.gitignore', 'package.json'])

export function isBareFile(path: string): boolean {
  return bareFiles.has(path)
}

export function isSharedFile(path: string): boolean {
  return sharedFiles.has(path)
}

export function isSeedFile(path: string): boolean {
  return seedFiles.has(path)
}
