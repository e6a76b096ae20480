import { findAsvsProblems } from './asvs.ts'
import { findInventoryProblems } from './crypto-inventory.ts'
import { findRowsWithoutTest } from './named-tests.ts'

/**
 * Whether docs/security/asvs.md and who-can-use-up-what.md name requirements and tests that exist, and
 * docs/security/crypto-inventory.md every use of cryptography in the sources, no more and no less.
 */
export function findAllInventoryProblems(root: string): string[] {
  return [
    ...findAsvsProblems(root, 'docs/security/asvs.md'),
    ...findInventoryProblems(root, 'docs/security/crypto-inventory.md'),
    ...findRowsWithoutTest(root, 'docs/security/who-can-use-up-what.md'),
  ]
}
