import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './run.ts'
import type { Say } from './say.ts'
import { root } from './workspace.ts'

const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/**
 * Makes sure that Playwright finds a Chromium: the machine's, else Playwright's own, else the system's package.
 *
 * @returns Why there is none, or `null`.
 */
export async function ensureBrowser(say: Say): Promise<string | null> {
  if (INSTALLED.some((path) => existsSync(path))) return null
  if (await canLaunch()) return null

  say("Installing Playwright's Chromium")
  const cli = join(root, 'node_modules/@playwright/test/cli.js')
  const isRoot = process.getuid?.() === 0
  const own = await run(process.execPath, [cli, 'install', ...(isRoot ? ['--with-deps'] : []), 'chromium'], {
    cwd: root,
  })
  if (own.code === 0 && (await canLaunch())) return null

  if (isRoot && existsSync('/etc/debian_version')) {
    say('Installing the package chromium (apt-get)')
    await run('apt-get', ['update', '-qq'])
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { env })
    // For e2e, which does without windows where it can; stories of apps run in the whole browser.
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium-headless-shell'], {
      env,
    })
    if (INSTALLED.some((path) => existsSync(path))) return null
  }
  return (
    'There is no Chromium, and none could be installed. Install one (Debian: apt-get install chromium), or run ' +
    `npx playwright install --with-deps chromium. Playwright said: ${own.output.trim().split('\n').at(-1)}`
  )
}

async function canLaunch(): Promise<boolean> {
  const script =
    "import { chromium } from '@playwright/test'; await (await chromium.launch({ args: ['--no-sandbox'] })).close()"
  return (await run(process.execPath, ['--input-type=module', '--eval', script], { cwd: root })).code === 0
}
