import { route, type RouteConfigEntry } from '@react-router/dev/routes'
import { organizationPaths, pathIn } from './paths.ts'

/** Beside the pages of the accounts. */
export function organizationRoutes(): RouteConfigEntry[] {
  return [
    route(organizationPaths.list, 'organizations/routes/organizations.tsx'),
    route(organizationPaths.switch, 'organizations/routes/switch.ts'),
    route(organizationPaths.one, 'organizations/routes/organization.tsx'),
    route(pathIn(':slug', '/members'), 'organizations/routes/members.tsx'),
    route(pathIn(':slug', '/invitations'), 'organizations/routes/invitations.tsx'),
    route(`${organizationPaths.invitation}/continue`, 'organizations/routes/invitation.tsx'),
    route(pathIn(':slug', '/audit'), 'organizations/routes/audit.tsx'),
    route(pathIn(':slug', '/domains'), 'organizations/routes/domains.tsx'),
    route(pathIn(':slug', '/policy'), 'organizations/routes/policy.tsx'),
    route(pathIn(':slug', '/enter'), 'organizations/routes/enter.tsx'),
    route(pathIn(':slug', '/settings'), 'organizations/routes/settings.tsx'),
    route(pathIn(':slug', '/settings/transfer'), 'organizations/routes/transfer.tsx'),
    route(`${organizationPaths.transfers}/continue`, 'organizations/routes/undo-transfer.tsx'),
    ...[organizationPaths.invitation, organizationPaths.transfers].map((path) =>
      route(`${path}/:token`, 'organizations/routes/mail-link.ts', { id: `${path}/:token` }),
    ),
    route(pathIn(':slug', '/projects'), 'routes/projects.tsx'),
  ]
}
