export type { Names } from './names.ts'
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
  migrationAfter,
  writesOf,
  type Conflict,
  type Decision,
  type EditReport,
  type FileAction,
  type FileChange,
  type Plan,
} from './plan/plan.ts'
export { gitEnvironment, installEnvironment } from './child-environment.ts'
export { planTransition, type TransitionOptions } from './plan/plan-transition.ts'
export { refuseNeeded } from './plan/refuse-used.ts'
export {
  ConflictsFound,
  GeneratorError,
  PreconditionFailed,
  TemplateInvalid,
  UsageInvalid,
  type FailureExitCode,
} from './errors.ts'
export {
  defaultFeatures,
  features,
  isOptionalFeature,
  optionalFeatures,
  type Feature,
  type OptionalFeature,
} from './features.ts'
export { type DatabaseObjects, databaseObjectsOf } from './database-objects.ts'
export { tablesOf } from './feature-tables.ts'
export type { FeatureManifest } from './features/define-feature.ts'
export { guardMeanings, type Guard } from './guards.ts'
export { checkExistingApp } from './existing-host.ts'
export { formatIntent, intentFile } from './intent-file.ts'
export { lockFile, type Lock, type TrackedFile } from './lock-file.ts'
export {
  planProject,
  readProject,
  retireWhatLeaves,
  readStatus,
  type FileStatus,
  type Project,
  type PlanProjectOptions,
} from './project.ts'
export { packageName } from './package-json.ts'
export { abortMerge, continueMerge, type Aborted } from './undo/merge-steps.ts'
export { readMerge, refuseWaitingMerge } from './undo/merge-record.ts'
export type { MergeRecord } from './undo/record-shapes.ts'
export { applyUndo, extendUndo, planUndo, type UndoPlan } from './undo/undo-last.ts'
export { render } from './render.ts'
export {
  checkAppName,
  createState,
  defaultFlags,
  defaultNames,
  flagValues,
  type Flags,
  type RouteItem,
  type State,
} from './state.ts'
export { checkNewNames } from './taken-names.ts'
export { createFormatter, type Formatter } from './format.ts'
export { settleTables, shelfName, type SnapshotAndShelf } from './snapshot.ts'
export { generatorVersion } from './version.ts'
export { refuseFolderForVite } from './vite-folder.ts'
