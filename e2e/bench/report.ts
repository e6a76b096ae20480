import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus } from 'node:os'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Bar, Outcome } from './compare.ts'

const RESULTS = new URL('./results/latest.json', import.meta.url)
const HEAD = ['What', 'Floor', '', 'Measured', '', 'Ratio', 'Bar', '']

/** The outcomes as a table in plain text, numbers to the right. */
export function formatTable(outcomes: readonly Outcome[]): string {
  const rows = [HEAD, ...outcomes.map(toCells)]
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) => {
      const cells = row.map((cell, column) => {
        return /^\d/.test(cell) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)
      })
      return cells.join('  ').trimEnd()
    })
    .join('\n')
}

/** Writes them, with what they were measured on. @returns the path of the file */
export async function writeResults(outcomes: readonly Outcome[]): Promise<string> {
  const path = fileURLToPath(RESULTS)
  const machine = {
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
  }
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, `${JSON.stringify({ takenAt: new Date(), machine, outcomes }, null, 2)}\n`)
  return path
}

function toCells({ name, unit, floor, subject, ratio, bar, isGood }: Outcome): string[] {
  return [
    name,
    floor.name,
    `${formatNumber(floor.value)} ${unit}`,
    subject.name,
    `${formatNumber(subject.value)} ${unit}`,
    ratio.toFixed(2),
    formatBar(bar),
    isGood ? 'good' : 'misses the bar',
  ]
}

function formatNumber(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3)
}

function formatBar(bar: Bar): string {
  return 'atLeast' in bar ? `≥ ${bar.atLeast}` : `≤ ${bar.atMost}`
}
