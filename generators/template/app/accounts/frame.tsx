// sigra:file app=existing
import { Outlet, type LoaderFunctionArgs } from 'react-router'
import { loadBar } from './bar-items.server'
// sigra:+ import './style.css'

export const loader = (args: LoaderFunctionArgs) => loadBar(args)

/** Around every page of ours. Our styles count inside of it, and the app's own pages keep their look. */
export default function Frame() {
  return (
    <div className="accounts">
      <Outlet />
    </div>
  )
}
