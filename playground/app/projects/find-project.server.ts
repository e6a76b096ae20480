import type { OrganizationScope } from '@sigra/remix/organizations'
import { data } from 'react-router'
import { Project } from '~/entities/project'
import { forOrganization } from '~/organizations/organizations.server'
import { ProjectId } from './schemas'

/** The project of a path. For everybody outside of its organization it does not exist. @throws 404 */
export async function findProject(scope: OrganizationScope, projectId: string) {
  const id = ProjectId.safeParse(projectId)
  const project = id.success
    ? await forOrganization(scope).findOne(Project, { id: id.data }, { populate: ['createdBy'] })
    : null
  if (project === null) throw data(null, { status: 404 })
  return project
}
