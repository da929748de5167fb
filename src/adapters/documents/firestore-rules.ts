import { type CollectionName, collections } from '../../model/collections.ts'

/** What a signed-in person may listen to: the documents about them whose changes a screen shows. */
const listened = ['users', 'healthSessions', 'insights', 'days', 'imports', 'jobs'] as const satisfies readonly CollectionName[]

/** The content of `firestore.rules`, for clients that speak to Firestore past us. A person's id is the `uid` of their sign-in. */
export function firestoreRules(): string {
  return `// Made by \`npm run docs\` from src/model/collections.ts; a test compares them.
rules_version = '2';
service cloud.firestore {
  match /databases/{database}/documents {
    function isSelf(userId) {
      return request.auth != null && request.auth.uid == userId;
    }

${listened.map(ruleOf).join('\n')}
    // All else, and every write: only by this service, whose credentials stand above these rules.
    match /{document=**} {
      allow read, write: if false;
    }
  }
}
`
}

function ruleOf(name: (typeof listened)[number]): string {
  const { path } = collections[name]
  const owner = path.includes('{userId}') ? 'userId' : 'resource.data.userId'
  return `    match /${path} {
      allow read: if isSelf(${owner});
    }
`
}
