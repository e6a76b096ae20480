import type { EditContext, HostEdit } from './edit.ts'
import { exportEdit, nonceEdit } from './entry-server.ts'
import { agentsEdit, envEdits, gitignoreEdits } from './line-files.ts'
import { linksEdit } from './links.ts'
import { managerEdits } from './manager-files.ts'
import { migrationEdits } from './migration.ts'
import { mikroOrmEdit } from './mikro-orm-config.ts'
import { serverEdit, toolEdits } from './own-files.ts'
import { packageEdits } from './package-json.ts'
import { retiredTablesEdits } from './retired-tables.ts'
import { rootEdit } from './root.ts'
import { routesEdit } from './routes.ts'
import { tsconfigEdit } from './tsconfig.ts'
import { viteConfigEdit } from './vite-config.ts'
import { workerEdit } from './worker-export.ts'

/** Every edit an app in this state needs, in the order they are made. */
export function hostEdits(context: EditContext): HostEdit[] {
  if (!context.state.features.includes('accounts')) return []
  return [
    routesEdit,
    rootEdit,
    linksEdit,
    nonceEdit,
    exportEdit,
    workerEdit(context),
    serverEdit(context),
    mikroOrmEdit(context),
    ...migrationEdits(context),
    ...retiredTablesEdits(context),
    viteConfigEdit,
    tsconfigEdit,
    agentsEdit(context),
    ...toolEdits(context),
    ...packageEdits(context),
    ...managerEdits(context),
    ...envEdits(context),
    ...gitignoreEdits(context),
  ]
}
