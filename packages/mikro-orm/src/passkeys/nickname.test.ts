import { describe, expect, it } from 'vitest'
import { parseNickname } from './nickname.ts'

describe('parseNickname', () => {
  it.each([
    'Blue laptop',
    'YubiKey 5C',
    'YubiKey 5.7.4',
    'Pixel 9.',
    'Pixel 9. Work',
    'Anna’s key',
    "Anna's key",
    'Mobil von Jörg',
    'Phone/tablet',
    'Key: blue @home',
    'Dr. Ada No.1',
    'Old one...',
    '我的手机。',
  ])('takes %s', (name) => {
    expect(parseNickname(name)).toBe(name)
  })

  it.each([
    'https://evil.example',
    'Call HTTP://10.0.0.1',
    'www.evil',
    'evil.example/login',
    'your key is lost: evil.example',
    'evil.xn--p1ai',
    'éví\u0316l.examplé',
    'evil.\uFE0Fexample',
    'ｅｖｉｌ．ｅｘａｍｐｌｅ',
    'почта.рф',
    'eve@evil.example',
    'eve@localhost',
    '\\\\evil\\share',
  ])('INJ-05: takes nothing that a mail client makes a link of: %s', (name) => {
    expect(parseNickname(name)).toBeNull()
  })
})
