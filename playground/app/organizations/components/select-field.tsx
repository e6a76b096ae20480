import { useId } from 'react'

interface SelectFieldProps {
  name: string
  label: string
  /** What is sent, and what people read. */
  options: readonly (readonly [value: string, label: string])[]
  defaultValue: string
}

export function SelectField({ name, label, options, defaultValue }: SelectFieldProps) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} name={name} defaultValue={defaultValue}>
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  )
}
