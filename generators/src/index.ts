export { applyPlan, resumeApply, type Applied, type ApplyOptions } from './plan/apply-plan.ts'
export {
  describeDiff,
  describeManualEdits,
  describePlan,
  planToJson,
  summarizePlan,
  type PlanJson,
} from './plan/describe-plan.ts'
export type { FileOperations } from './plan/file-operations.ts'
export {
  isEmptyPlan,
  writesOf,
  type Conflict,
  type Decision,
  type EditReport,
  type FileAction,
  type FileChange,
  type Plan,
} from './plan/plan.ts'
export { planTransition, type TransitionOptions } from './plan/plan-transition.ts'
export {
  ConflictsFound,
  GeneratorError,
  PreconditionFailed,
  TemplateInvalid,
  UsageInvalid,
  type FailureExitCode,
} from './errors.ts'
export { features, optionalFeatures, type Feature, type FeatureParts } from './features.ts'
export { checkExistingApp } from './existing-host.ts'
export { intentFile } from './intent-file.ts'
export { lockFile, type Lock, type TrackedFile } from './lock-file.ts'
export { planProject, readProject, readStatus, type FileStatus, type Project } from './project.ts'
export { packageName } from './package-json.ts'
export { render } from './render.ts'
export {
  checkAppName,
  checkNames,
  createState,
  defaultFlags,
  defaultNames,
  flagValues,
  type Flags,
  type Guard,
  type Names,
  type RouteItem,
  type State,
} from './state.ts'
export { generatorVersion } from './version.ts'
