/** A test asked for something that cannot be set up. */
export class TestSetupFailed extends Error {
  override readonly name = 'TestSetupFailed'
  readonly code = 'SIGRA_TEST_SETUP_FAILED'
}
