import { useEffect, useState } from 'react'

/** In a form: tells the action that this device can make a passkey by itself. Nothing is offered elsewhere. */
export function DeviceHint() {
  const [isReady, setReady] = useState(false)

  useEffect(() => {
    let isLeft = false
    const asked =
      'PublicKeyCredential' in window && PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable()
    void Promise.resolve(asked).then(
      (answer) => !isLeft && setReady(answer),
      () => {},
    )
    return () => {
      isLeft = true
    }
  }, [])

  return isReady && <input type="hidden" name="device" value="passkey" />
}
