import { describe, expect, it } from 'vitest'
import { scopeStyles } from './scope-styles.ts'

describe('the stylesheet of an existing app', () => {
  it('counts inside of our frame alone', () => {
    expect(
      scopeStyles(
        `/* a {
 * b, */
@layer base, components;

@layer base {
  :root {
    --sans:
      a,
      b;
  }

  *,
  *::before {
    box-sizing: border-box;
  }

  body {
    color: var(--ink);
  }

  @media (min-width: 40rem) {
    .bar nav a:not(.button, .x) {
      color: red;
    }
  }

  @keyframes turn {
    to {
      rotate: 1turn;
    }
  }
}
`,
        '.accounts',
      ),
    ).toBe(`/* a {
 * b, */
@layer base, components;

@layer base {
  .accounts {
    --sans:
      a,
      b;
  }

  .accounts *,
  .accounts *::before {
    box-sizing: border-box;
  }

  .accounts {
    color: var(--ink);
  }

  @media (min-width: 40rem) {
    .accounts .bar nav a:not(.button, .x) {
      color: red;
    }
  }

  @keyframes turn {
    to {
      rotate: 1turn;
    }
  }
}
`)
  })
})
