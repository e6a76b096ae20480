export { createTestContext, nextRequest, type TestContext } from './test-context.ts'
export { createTestEntities } from './test-entities.ts'
export { createTestUser, type TestUser } from './test-user.ts'
export { createTestRuntime, type TestRuntime, type TestRuntimeOptions } from './test-runtime.ts'
