import type { ReactNode } from 'react'
import type {
  DomainMode,
  InvitationAnswer,
  OrganizationEvent,
  OrganizationRefusal,
  OrganizationTransfer,
  PolicyHit,
  PolicyMethod,
  Unmet,
} from '@sigra/remix/organizations'
import type { SentencesFor } from '@sigra/remix/words'
import type { FlashWords } from '../accounts/flashes.ts'
import { line, type Mark } from '../accounts/line.ts'
import { words as accounts, type AccountWords } from '../accounts/words.ts'

/** What people read of each role. */
const roles: Readonly<Record<string, string>> = {
  owner: 'Owner',
  admin: 'Admin',
  member: 'Member',
}

/** A role that has no name here is shown as it is. */
export function roleName(role: string): string {
  return roles[role] ?? role
}

/** Everything that people read about organizations. */
export const words = {
  /** In the bar above every page. */
  bar: {
    current: (hidden: Mark, name: string) => line`${hidden('Organization: ')}${name}`,
    none: 'Organizations',
  },

  tabs: {
    label: (name: string) => `Pages of ${name}`,
    overview: 'Overview',
    members: 'Members',
    invitations: 'Invitations',
    domains: 'Domains',
    policy: 'Log-in policy',
    audit: 'Audit log',
    settings: 'Settings',
  },

  list: {
    title: 'Organizations',
    intro: 'Choose where you want to work.',
    nothing: 'You’re not in any organization yet. Create one below.',
    current: 'you’re here',
    personal: 'Only yours',
    // The name is there for screen readers: a list has one button for each organization.
    open: (hidden: Mark, name: string) => line`Open${hidden(` ${name}`)}`,
  },

  /** What somebody was invited to, and has not answered. */
  ownInvitations: {
    title: 'You’re invited',
    facts: (role: string, until: Date) => `as: ${role} · until ${accounts.moment.day(until)}`,
    // The name is there for screen readers: a list has one of each button for each organization.
    accept: (hidden: Mark, name: string) => line`Join${hidden(` ${name}`)}`,
    decline: (hidden: Mark, name: string) => line`Decline${hidden(` the invitation to ${name}`)}`,
  },

  /** What its owner has asked to be deleted, and can still take back. */
  restorable: {
    title: 'To be deleted',
    until: (until: Date) => `can be restored until ${accounts.moment.day(until)}`,
    // The name is there for screen readers: a list has one button for each organization.
    restore: (hidden: Mark, name: string) => line`Restore${hidden(` ${name}`)}`,
  },

  create: {
    title: 'Create an organization',
    name: 'Name',
    slug: 'Web address name',
    slugHint: 'Small letters, digits and single hyphens, like acme-design. It’s part of web addresses.',
    button: 'Create organization',
  },

  overview: {
    role: 'Your role',
    slug: 'Web address name',
    own: 'Guard your own pages like this one',
    ownText:
      'The first line lets in members whose role allows it. The second reads nothing of another organization.',
  },

  settings: {
    title: 'Organization settings',
    name: 'Name',
    rename: 'Save name',
    slug: 'Web address name',
    slugText: (days: number) =>
      `Links to these pages change with it. For ${days} days, old links lead to the new ones.`,
    changeSlug: 'Change web address name',
    leave: 'Leave this organization',
    leaveText: 'You’ll no longer see anything of it. To come back, someone has to let you in again.',
    leaveQuestion: (name: string) => `Do you want to leave ${name}?`,
    leaveYes: 'Yes, leave',
    delete: {
      title: 'Delete this organization',
      text: 'Nobody will see anything of it any more, you included, and open invitations are taken back.',
      until: (bold: Mark, until: Date) =>
        line`Until ${bold(accounts.moment.day(until))}, an owner can restore it on the page “Organizations”. After that, we delete it with everything in it. This can’t be undone.`,
      confirmation: (slug: string) => `Type ${slug} to confirm`,
      button: 'Delete organization',
    },
  },

  transfer: {
    title: 'Hand over this organization',
    about: 'A member becomes its owner in your place.',
    choose: 'Choose who gets it',
    text: (days: number) =>
      `Whoever you choose becomes an owner, and you become an admin. All owners get an email with a link that undoes it for ${days} days.`,
    to: 'New owner',
    nobody: (link: Mark) => line`Nobody else is here to get it. ${link('See who is a member')}.`,
    confirmation: (slug: string) => `Type ${slug} to confirm`,
    button: 'Hand over',
    open: ({ from, to, undoUntil }: OrganizationTransfer) =>
      `${from ?? 'Someone'} handed this organization over to ${to ?? 'someone'}. Until ${day(undoUntil)}, the link in the email about it undoes that.`,
  },

  /** What the link leads to that owners were mailed. */
  undoTransfer: {
    title: 'Undo a transfer',
    titleOf: (organization: string) => `Take “${organization}” back?`,
    text: ({ from, to, undoUntil }: OrganizationTransfer) =>
      `${from ?? 'Someone'} handed it over to ${to ?? 'someone'}. Until ${day(undoUntil)}, you can undo that.`,
    ifYouContinue: ({ from, to }: OrganizationTransfer) =>
      `If you do, ${from ?? 'whoever had it'} owns it again. ${to ?? 'Whoever got it'} and everyone they made an owner are what they were before.`,
    button: 'Undo the transfer',
    over: 'This link has been used already or has expired.',
  },

  members: {
    title: 'Members',
    search: 'Find by email address',
    find: 'Find',
    nobody: 'Nobody here has an email address like that.',
    you: 'you',
    since: (at: ReactNode) => line`joined ${at}`,
    role: 'Role',
    // The address is there for screen readers: a list has one of each button for each member.
    change: (hidden: Mark, email: string) => line`Change${hidden(` ${email}`)}`,
    save: (hidden: Mark, email: string) => line`Save role${hidden(` of ${email}`)}`,
    remove: (hidden: Mark, email: string) => line`Remove${hidden(` ${email}`)}`,
    removeQuestion: (email: string, name: string) => `${email} will no longer see anything of ${name}.`,
    removeYes: (hidden: Mark, email: string) => line`Yes, remove${hidden(` ${email}`)}`,
    pages: 'Pages of members',
    first: 'First page',
    more: 'More members',
  },

  invitations: {
    title: 'Invitations',
    personal: (link: Mark) =>
      line`Nobody else can join your personal organization. ${link('Create one')} to work with others.`,
    invite: 'Invite people',
    emails: 'Email addresses',
    emailsHint: (most: number) => `One on each line, up to ${most}.`,
    send: 'Send invitations',
    sent: (count: number) =>
      count === 1 ? 'Your invitation is on its way.' : `${count} invitations are on their way.`,
    notSent: 'Not invited:',
    answers: {
      'not-an-email-address': 'this isn’t an email address',
      repeated: 'this is on the list twice',
      member: 'already a member',
      invited: 'already invited, see below',
      declined: 'said no a while ago, and can’t be asked again yet',
      limited: 'that’s all for today, try again tomorrow',
    } satisfies Record<Exclude<InvitationAnswer, 'sent'>, string>,
    waiting: 'Waiting for an answer',
    nobody: 'No invitations are waiting for an answer.',
    expired: 'expired',
    facts: (role: string, invitedBy: string | null, until: Date) =>
      [role, invitedBy && `invited by ${invitedBy}`, `until ${accounts.moment.day(until)}`]
        .filter(Boolean)
        .join(' · '),
    // The address is there for screen readers: a list has one of each button for each invitation.
    change: (hidden: Mark, email: string) => line`Change${hidden(` the invitation of ${email}`)}`,
    resend: (hidden: Mark, email: string) => line`Send again${hidden(` to ${email}`)}`,
    revoke: (hidden: Mark, email: string) => line`Take back${hidden(` the invitation of ${email}`)}`,
    revokeQuestion: (email: string) => `The link that ${email} received will no longer work.`,
    revokeYes: (hidden: Mark, email: string) => line`Yes, take back${hidden(` the invitation of ${email}`)}`,
  },

  /** What the link of an invitation leads to. */
  invitation: {
    title: 'Invitation',
    titleOf: (organization: string) => `Join “${organization}”`,
    intro: {
      yours: (role: string) => `You’re invited, as: ${role}.`,
      other: (role: string, invited: string, email: string) =>
        `${invited} is invited, as: ${role}. You’re logged in as ${email}. To join, log in with the address that was invited.`,
      'signed-out': (role: string, invited: string) =>
        `${invited} is invited, as: ${role}. Choose a password to create an account, or log in with this address.`,
      closed: (role: string, invited: string) =>
        `${invited} is invited, as: ${role}. Log in with this address to join.`,
    },
    accept: 'Join',
    logIn: 'Log in',
    known: (link: Mark) => line`Have an account already? ${link('Log in')}`,
    register: 'Create account and join',
    logOut: 'Log out and switch accounts',
    decline: (button: Mark) => line`Don’t want to join? ${button('Decline')}`,
    over: 'This invitation has been answered, taken back or has expired. Ask whoever invited you for a new one.',
    yours: 'Your organizations',
  },

  domains: {
    title: 'Domains',
    text: 'Everyone whose email address is at a domain of yours can join, with the role that new members have. Its DNS has to say that it’s yours.',
    full: 'No seat is left, so nobody can join by their email address.',
    waiting: 'not proven',
    taken: 'Another organization has proven this domain.',
    notAsked: 'We haven’t looked for the record yet.',
    missing: 'We looked, and the record isn’t there yet.',
    since: (at: Date) => `Proven since ${accounts.moment.day(at)}.`,
    goneMissing: 'The record was gone the last time we looked.',
    ask: 'Add this record at your DNS provider. We look for it every few minutes.',
    recordName: 'Name of the TXT record',
    recordValue: 'Value',
    add: 'Add a domain',
    domain: 'Domain',
    domainHint: 'Like acme.example: what stands behind the @.',
    mode: 'Who has an address there',
    modes: { offer: 'is offered to join', auto: 'joins by confirming it' } satisfies Record<
      DomainMode,
      string
    >,
    addButton: 'Add domain',
    // The domain is there for screen readers: a list has one of each button for each domain.
    check: (hidden: Mark, domain: string) => line`Look now${hidden(` for the record of ${domain}`)}`,
    change: (hidden: Mark, domain: string) => line`Change${hidden(` ${domain}`)}`,
    save: (hidden: Mark, domain: string) => line`Save${hidden(` for ${domain}`)}`,
    remove: (hidden: Mark, domain: string) => line`Remove${hidden(` ${domain}`)}`,
    removeQuestion: (domain: string) => `Nobody joins by an address at ${domain} any more. Members stay.`,
    removeYes: (hidden: Mark, domain: string) => line`Yes, remove${hidden(` ${domain}`)}`,
  },

  /** On the page where somebody chooses among theirs. */
  offers: {
    title: 'You can join',
    because: (domain: string) => `Your email address is at ${domain}.`,
    join: (hidden: Mark, name: string) => line`Join${hidden(` ${name}`)}`,
  },

  policy: {
    title: 'Log-in policy',
    text: 'What you ask of everyone who works here, you included. It holds from the next page that anyone opens.',
    secondFactor: 'Two-step verification',
    never: 'Not required',
    now: 'Required',
    from: (at: Date) => `Required from ${accounts.moment.day(at)}`,
    inDays: (days: string) => `Required in ${days} days`,
    session: 'Log in again after',
    minutes: (minutes: number) => length(minutes),
    methods: 'Ways to log in',
    methodsHint: 'Members log in by one of these. If you choose none, any way will do.',
    methodNames: {
      pwd: 'Password',
      email: 'Email',
      otp: 'Authenticator app',
      pop: 'Passkey',
      user: 'Passkey, unlocked by fingerprint, face or PIN',
    } satisfies Record<PolicyMethod, string>,
    save: 'Save policy',
    check: 'See who is affected',
    nobodyHit: 'Everyone here can meet this policy.',
    hit: 'They can’t come in until they set something up:',
    lacks: {
      'second-factor': 'two-step verification is off',
      method: 'none of these ways to log in is set up',
    } satisfies Record<PolicyHit['lacks'][number], string>,
  },

  /** What happened in an organization. */
  audit: {
    title: 'Audit log',
    intro: (name: string) => `What happened in ${name}. What people do to their own accounts isn’t shown.`,
    action: 'Event',
    everything: 'All events',
    from: 'From (UTC)',
    to: 'To (UTC)',
    show: 'Show',
    nothing: 'Nothing has happened here yet.',
    noMatch: 'No events match.',
    by: (email: string) => `by ${email}`,
    byOthers: 'not by a current member',
    details: ({ slug, formerSlug, role, formerRole }: OrganizationEvent['metadata']) => [
      ...changed(slug, formerSlug, String),
      ...changed(role, formerRole, (name) => roleName(String(name))),
    ],
    actions: {
      'organization.created': 'Organization created',
      'organization.renamed': 'Name changed',
      'organization.slug_changed': 'Web address name changed',
      'organization.policy_changed': 'Log-in policy changed',
      'organization.transferred': 'Organization handed over',
      'organization.transfer_undone': 'Transfer undone',
      'organization.deletion_scheduled': 'Deletion requested',
      'organization.restored': 'Organization restored',
      'organization.switched': 'Organization opened',
      'member.added': 'Member joined',
      'member.removed': 'Member removed',
      'member.left': 'Member left',
      'member.role_changed': 'Role changed',
      'domain.added': 'Domain added',
      'domain.verified': 'Domain proven',
      'domain.lost': 'Domain no longer proven',
      'domain.removed': 'Domain removed',
      'invitation.sent': 'Invitation sent',
      'invitation.resent': 'Invitation sent again',
      'invitation.revoked': 'Invitation taken back',
      'invitation.accepted': 'Invitation accepted',
      'invitation.declined': 'Invitation declined',
    } satisfies EventWords,
    /** For an event that has no words. */
    other: 'Something was changed',
    pages: 'Pages of this list',
    newest: 'Newest',
    older: 'Older',
  },

  /** To whoever the policy of an organization holds back. */
  enter: {
    title: 'Log-in policy',
    titleOf: (organization: string) => `“${organization}” asks for more`,
    intro: 'Your account is fine. To work here, something is missing:',
    unmet: {
      'second-factor': () => 'Two-step verification.',
      method: (ways: readonly string[]) =>
        `A log-in by one of these: ${new Intl.ListFormat('en', { type: 'disjunction' }).format(ways)}.`,
      reauthenticate: () => 'A recent log-in.',
    } satisfies Record<Unmet, (ways: readonly string[]) => string>,
    setUp: 'Turn on two-step verification',
    secondStep: 'Continue with your second step',
    again: 'Log in again',
    otherWay: 'Set up another way to log in',
    turnOff: 'Turn the policy off',
    turnOffQuestion: 'Everyone can work here again by whatever way they log in.',
    turnOffYes: 'Yes, turn off',
    others: 'Your organizations',
  },

  /** On the page “Recent activity” of an account. */
  activities: {
    'organization.deletion_scheduled': { done: 'Asked us to delete an organization' },
  },

  /** What an email was about, by the name of its event. */
  deeds: {
    'organization.deletion_scheduled': 'someone asked us to delete one of your organizations',
  },

  /** What a field says that was left empty. */
  missing: { domain: 'Enter a domain.', name: 'Enter a name.', slug: 'Enter a web address name.' },

  /** Why something was refused. The words of accounts have the rest. */
  reasons: {
    'bad-domain': 'Enter a domain, like acme.example: what stands behind the @ of your email addresses.',
    'bad-name': 'Choose a name that doesn’t look like a link or an email address.',
    'bad-policy': 'We couldn’t read this policy. Load the page again and retry.',
    'bad-slug':
      'Use 3 to 48 small letters, digits and single hyphens. It begins with a letter, and not with xn-.',
    full: 'This organization has no seat left. Ask whoever invited you to make room.',
    'last-owner': 'You’re the only owner. Make someone else an owner first.',
    'only-owner': ({ names }) =>
      `Make someone else an owner, because you’re the only one: ${new Intl.ListFormat('en').format(names)}.`,
    'goes-along': ({ names }) =>
      `Deleted with it, because nobody else is a member: ${new Intl.ListFormat('en').format(names)}.`,
    'comes-back': ({ names }) =>
      `These organizations are yours again: ${new Intl.ListFormat('en').format(names)}.`,
    'log-in-first': 'This email address has an account. Log in to join.',
    'not-met': 'You don’t meet this policy yourself yet. Log in the way it asks for first.',
    'no-offer': 'You can’t join this organization by your email address any more.',
    'no-addresses': 'Enter at least one email address.',
    'other-address': 'This invitation is for another email address. Log in with that one.',
    'not-the-slug': 'Type the web address name exactly as it’s shown.',
    'not-ready':
      'This member can’t own it yet: their email address has to be confirmed, and they need what the policy asks for.',
    'owner-already': 'This member owns it already.',
    personal: 'This is not possible in a personal organization.',
    'public-domain': 'Anyone can get an email address there. Enter a domain of your own.',
    'sent-too-often': 'This invitation can’t be sent again today. You can take it back.',
    'signed-out': 'Log in to continue.',
    'slug-taken': 'This web address name is taken. Choose another one.',
    'too-many-addresses': ({ most }) => `These are too many addresses at once. Enter up to ${most}.`,
    'too-many-organizations': ({ maxOwned }) =>
      `You own ${maxOwned} organizations, and can’t own more. Leave one first.`,
    'too-many-domains': ({ most }) => `An organization can have up to ${most} domains. Remove one first.`,
    'unknown-domain': 'This domain was removed in the meantime.',
    'unknown-invitation': 'This invitation was answered or taken back in the meantime.',
    'transfer-open': ({ undoUntil }) =>
      `This organization was handed over not long ago. Try again after ${day(undoUntil)}, when that can no longer be undone.`,
    'unknown-member': 'This person is no longer a member.',
    'unknown-role': 'This role doesn’t exist.',
  } satisfies SentencesFor<OrganizationRefusal, keyof AccountWords['reasons']>,

  /** What is said on the page after a form. */
  flashes: {
    'organization-created': 'Your organization is ready.',
    'organization-renamed': 'The name is saved.',
    'organization-slug-changed': 'The web address name is changed. Old links still work for a while.',
    'organization-transferred': 'You handed this organization over.',
    'organization-transfer-undone': (name: string) => `The transfer of ${name} is undone.`,
    'organization-left': (name: string) => `You left ${name}.`,
    'organization-deleted': (name: string) => `${name} will be deleted. You can still restore it below.`,
    'organization-restored':
      'Your organization is back, with its members. Invitations have to be sent again.',
    'organization-too-soon': {
      refusal: 'Too many changes in a short time. Wait a few minutes and try again.',
    },
    'domain-added': 'The domain is added. Its DNS has to say that it’s yours: see below.',
    'domain-asked': 'We’re looking for the record. Load the page again in a minute.',
    'domain-removed': 'The domain is removed.',
    'domain-gone': { refusal: 'This domain was removed, or proven, in the meantime.' },
    'offer-gone': { refusal: 'You can’t join this organization by your email address any more.' },
    'organization-policy-changed': 'The policy is saved.',
    'invitation-accepted': 'Welcome. You’re a member now.',
    'invitation-declined': 'You declined the invitation.',
    'invitation-resent': 'The invitation is on its way again. The link from before no longer works.',
    'invitation-revoked': 'The invitation is taken back.',
    'invitation-gone': { refusal: 'This invitation was answered or taken back in the meantime.' },
    'invitation-full': {
      refusal: 'This organization has no seat left. Ask whoever invited you to make room.',
    },
    'invitation-sent-too-often': {
      refusal: 'This invitation was sent as often as is allowed. You can take it back.',
    },
    'member-changed': 'The role is saved.',
    'member-removed': 'They were removed.',
    'member-gone': { refusal: 'That changed in the meantime. Look at the list again.' },
    'member-transfer-open': {
      refusal:
        'This organization was handed over not long ago. Whoever did that stays as long as it can be undone.',
    },
    'member-last-owner': { refusal: 'An organization needs an owner. Make someone else one first.' },
  } satisfies Record<string, FlashWords>,
}

/** Of what nobody can read any more nothing is said: an organization that is deleted has no pages. */
type EventWords = Record<
  Exclude<OrganizationEvent['action'], 'organization.deleted' | 'organization.deletion_failed'>,
  string
>

type Fact = OrganizationEvent['metadata'][string] | undefined

/** What something is now, and what it was before. */
function changed(now: Fact, before: Fact, said: (fact: Fact) => string): string[] {
  if (now === undefined) return before === undefined ? [] : [said(before)]
  return [before === undefined ? said(now) : `${said(now)} (before: ${said(before)})`]
}

function length(minutes: number): string {
  const [value, unit] =
    minutes % 1440 === 0
      ? [minutes / 1440, 'day']
      : minutes % 60 === 0
        ? [minutes / 60, 'hour']
        : [minutes, 'minute']
  return new Intl.NumberFormat('en', { style: 'unit', unit, unitDisplay: 'long' }).format(value)
}

function day(date: Date): string {
  return new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' }).format(date)
}
