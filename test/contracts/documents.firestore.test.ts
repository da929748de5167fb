import { afterAll, beforeEach, describe } from 'vitest'
import { openFirestoreDocuments } from '../../src/adapters/documents/firestore.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { type FirestoreEngine, firestoreInProcess, startFirestore } from '../engines/firestore.ts'
import { documentsContract } from './documents.ts'
import { firestoreBodies } from './firestore-bodies.ts'
import { firestoreFailures } from './firestore-failures.ts'
import { firestoreOrders } from './firestore-orders.ts'
import { firestoreRulesHold } from './firestore-rules.ts'

const found = await startFirestore()

describeEngine('documents on Firestore', found, (emulator) => {
  afterAll(() => emulator.stop())

  contract('firestore on the emulator', emulator)
  firestoreBodies(emulator)
  firestoreOrders(emulator)
  firestoreFailures(emulator)
  firestoreRulesHold(emulator)
})

if ('missing' in found)
  describe('documents on Firestore in process', () => {
    // There an order by a field keeps documents that lack it.
    const leftOut = /^(numbers come before text|a changed body moves in the index)/
    beforeEach(({ task, skip }) => skip(leftOut.test(task.name), `needs ${found.missing}`))

    contract('firestore in process', firestoreInProcess())
  })

function contract(name: string, { newUrl, options }: FirestoreEngine): void {
  documentsContract(name, async () => {
    const url = newUrl()
    let documents = await openFirestoreDocuments(url, options)
    return {
      documents,
      async reopen() {
        await documents.close()
        documents = await openFirestoreDocuments(url, options)
        return documents
      },
      remove: () => documents.close(),
    }
  })
}
