import sigra from '@sigra/generators/plop'

export default sigra
