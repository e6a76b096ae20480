// sigra:file app=existing
import { Outlet } from 'react-router'
// sigra:+ import './style.css'

/** Around every page of ours. Our styles count inside of it, and the app's own pages keep their look. */
export default function Frame() {
  return (
    <div className="accounts">
      <Outlet />
    </div>
  )
}
