import { format } from 'prettier'
import { beforeAll, describe, expect, it } from 'vitest'
import { render } from '../render.ts'
import { snapshotFile, sortTables } from '../snapshot.ts'
import { isCodePath } from '../syntax.ts'
import { createTree } from './create-tree.ts'
import { defaultState } from './golden-states.ts'
import type { Tree } from './tree.ts'

/** Words that are nowhere in the templates: wherever one is found, a name was put in. */
const crewNames = { context: 'ShipCrews', entity: 'DeckHand', table: 'port_calls' }
const memberNames = { context: 'Members', entity: 'Member', table: 'members' }

let original: Tree
let crews: Tree
beforeAll(async () => {
  original = await createTree(defaultState)
  crews = await createTree({ ...defaultState, names: crewNames })
})

const ways = [
  ['ShipCrews', 'Accounts'],
  ['ship-crews', 'accounts'],
  ['DeckHand', 'User'],
  ['deck-hand', 'user'],
  ['deck_hand', 'user'],
  ['port_calls', 'users'],
  ['port-calls', 'users'],
] as const

describe('other names', () => {
  it('renamed back give the default’s bytes', async () => {
    const back = renameBack(crews)
    expect([...back.keys()].sort()).toEqual([...original.keys()])
    for (const [path, text] of original) {
      const renamed = back.get(path) ?? ''
      const [found, wanted] = isData(path)
        ? [dataOf(renamed), dataOf(text)]
        : [path === snapshotFile ? sortTables(renamed) : await layOut(path, renamed), text]
      expect({ path, text: found }).toEqual({ path, text: wanted })
    }
  })

  it('reach these words and no other', () => {
    const texts = [...crews].filter(([path]) => !path.startsWith('sigra.')).flat()
    const words = texts.join('\n').match(/[\w-]*(?:ship.?crews|deck.?hand|port.?calls)[\w-]*/giu) ?? []
    const isOfTable = (word: string) => /_(check|foreign|index|pkey|unique)$/u.test(word)
    expect(new Set(words.filter((word) => !isOfTable(word)))).toEqual(
      new Set([
        'ship-crews',
        'DeckHand',
        'DeckHandSchema',
        'DeckHandAddressHold',
        'DeckHandAddressHoldSchema',
        'DeckHandBackupCode',
        'DeckHandBackupCodeSchema',
        'DeckHandConsent',
        'DeckHandConsentSchema',
        'DeckHandEmailChange',
        'DeckHandEmailChangeSchema',
        'DeckHandKnownBrowser',
        'DeckHandKnownBrowserSchema',
        'DeckHandPasskey',
        'DeckHandPasskeySchema',
        'DeckHandSession',
        'DeckHandSessionSchema',
        'DeckHandToken',
        'DeckHandTokenSchema',
        'DeckHandTotp',
        'DeckHandTotpSchema',
        'deck-hand',
        'deck-hand-address-hold',
        'deck-hand-backup-code',
        'deck-hand-consent',
        'deck-hand-email-change',
        'deck-hand-known-browser',
        'deck-hand-passkey',
        'deck-hand-session',
        'deck-hand-token',
        'deck-hand-totp',
        'deck_hand_address_holds',
        'deck_hand_backup_codes',
        'deck_hand_consents',
        'deck_hand_email_changes',
        'deck_hand_known_browsers',
        'deck_hand_passkeys',
        'deck_hand_sessions',
        'deck_hand_totp',
        'port-calls',
        'port_calls',
        'port_calls_tokens',
      ]),
    )
  })

  it('leave no name of the default', () => {
    const members = render({ ...defaultState, names: memberNames })
    for (const [path, text] of members) {
      if (path.startsWith('migrations/')) continue
      expect(path).not.toMatch(/accounts|(^|\/)user/u)
      const left = /.*(\/users\b|users_|user_sessions|'users'|app\/accounts|~\/accounts).*/u.exec(text)
      expect({ path, left: left?.[0] }).toEqual({ path, left: undefined })
    }
  })
})

function renameBack(tree: Tree): Tree {
  const back = (text: string) => ways.reduce((done, [from, to]) => done.replaceAll(from, to), text)
  return new Map([...tree].map(([path, text]) => [back(path), back(text)]))
}

/** What a longer name made of `{ User }`: an alias, a key with a value, lines and tables that are laid out otherwise. */
async function layOut(path: string, text: string): Promise<string> {
  if (!isCodePath(path) && !path.endsWith('.md')) return text
  const short = text.replaceAll(/\b(User\w*)(?: as |: )\1\b/gu, '$1')
  return format(short, { ...JSON.parse(original.get('.prettierrc.json') ?? ''), filepath: path })
}

/** Not for its bytes: hashes are of texts under their own names. */
function isData(path: string): boolean {
  return path === 'sigra.lock.json'
}

function dataOf(text: string): unknown {
  return JSON.parse(text.replaceAll(/sha256:[\w-]+/gu, ''))
}
