import * as fc from 'fast-check'

const unit = fc.oneof(
  fc.integer({ min: 0, max: 0x7f }),
  fc.integer({ min: 0x80, max: 0xffff }),
  fc.integer({ min: 0xd800, max: 0xdfff }), // halves of pairs, mostly lone
  fc.constantFrom(0x200b, 0x202e, 0x2028, 0xfeff, 0x0301, 0x0130, 0x212a),
)

/** Text as hostile as JavaScript allows: any UTF-16 units, controls and lone surrogates among them. */
export function anyText(length: { minLength?: number; maxLength?: number } = {}): fc.Arbitrary<string> {
  return fc.array(unit, length).map((units) => String.fromCharCode(...units))
}
