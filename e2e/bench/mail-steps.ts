// Where the time of one mail goes, with one job at a time: `node --conditions=sigra-source e2e/bench/mail-steps.ts`.
import { emptyQueue, MAILS } from './mail-jobs.ts'
import type { StepTimes } from './mail-steps-probe.ts'

const { rate, printed } = await emptyQueue({ MAIL_STEPS: '1', NODE_ENV: 'production' })
const lines = printed.trim().split('\n')
const times: StepTimes = JSON.parse(lines.at(-1) ?? '{}')
for (const [step, milliseconds] of Object.entries(times)) {
  process.stdout.write(`${step.padEnd(20)} ${(milliseconds / MAILS).toFixed(2)} ms\n`)
}
process.stdout.write(
  `${'the whole'.padEnd(20)} ${(1000 / rate).toFixed(2)} ms, ${rate.toFixed(0)} mails a second\n`,
)
