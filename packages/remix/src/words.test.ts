import { describe, expect, it } from 'vitest'
import { createWords } from './words.ts'

const english = {
  hello: (name: string) => `Hello ${name}`,
  days: ['Monday', 'Tuesday'],
  form: { save: 'Save', cancel: 'Cancel' },
}
const german = { hello: (name: string) => `Hallo ${name}`, form: { save: 'Speichern' } }

function tellInto(told: string[]) {
  return createWords({
    first: 'en',
    words: english,
    others: { de: german, 'pt-BR': { form: { save: 'Salvar', cancel: 'Cancelar' } } },
    tell: (sentence) => told.push(sentence),
  })
}

describe('createWords', () => {
  it('says it in the language that is asked for, or in the wider one', () => {
    const choose = tellInto([])
    expect(choose('de').words.hello('Ada')).toBe('Hallo Ada')
    expect(choose('de-AT')).toMatchObject({ locale: 'de-AT', words: { form: { save: 'Speichern' } } })
    expect(choose('pt-br').words.form.save).toBe('Salvar')
    expect(choose('en-GB')).toMatchObject({ locale: 'en-GB', words: { form: { save: 'Save' } } })
  })

  it('falls back to the first language where there is none, and says so once in development', () => {
    const told: string[] = []
    const choose = tellInto(told)
    told.length = 0
    for (const locale of ['fr', 'fr', 'pt']) {
      expect(choose(locale)).toMatchObject({ locale: 'en', words: { form: { save: 'Save' } } })
    }
    expect(told).toEqual([
      'There are no words in "fr": they are said in "en"',
      'There are no words in "pt": they are said in "en"',
    ])
  })

  it('falls back for a single sentence, and says in development which are missing', () => {
    const told: string[] = []
    const { words } = tellInto(told)('de')
    expect(words.form).toEqual({ save: 'Speichern', cancel: 'Cancel' })
    expect(words.days).toBe(english.days)
    expect(told[0]).toBe('The words of "de" lack days, form.cancel: they are said in "en"')
  })

  it('is silent in production', () => {
    const before = process.env['NODE_ENV']
    process.env['NODE_ENV'] = 'production'
    const told: string[] = []
    expect(tellInto(told)('fr').words).toEqual(english)
    process.env['NODE_ENV'] = before
    expect(told).toEqual([])
  })

  it('has no words of an object’s own language', () => {
    expect(tellInto([])('constructor').words).toEqual(english)
    expect(tellInto([])('__proto__').locale).toBe('en')
  })
})
