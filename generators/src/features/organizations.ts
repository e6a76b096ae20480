import { defineFeature } from './define-feature.ts'

export const organizations = defineFeature({
  name: 'organizations',
  summary: 'People who work together: members, roles and pages of an organization.',
  question: 'Do people work together in organizations?',
  needs: [],
  isDefault: true,
  values: [],
  docs: ['organizations.md'],
})
