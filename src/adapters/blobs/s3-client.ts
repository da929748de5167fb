import type { S3 } from '@aws-sdk/client-s3'
import { Problem } from '../../model/problem.ts'
import type { BucketPlace } from './bucket-place.ts'

const connectMs = 5000

export async function openClient(
  { settings }: BucketPlace,
  { silenceMs, attempts }: { readonly silenceMs: number; readonly attempts: number },
): Promise<S3> {
  const { endpoint, region, pathStyle = 'false' } = settings
  if (endpoint !== undefined && !URL.canParse(endpoint)) throw new Problem('invalid', 'The endpoint of an object store is a URL')
  if (!['true', 'false'].includes(pathStyle)) throw new Problem('invalid', 'pathStyle is true or false')
  const { S3 } = await import('@aws-sdk/client-s3')
  const s3 = new S3({
    ...(endpoint !== undefined && { endpoint, region: 'us-east-1' }),
    ...(region !== undefined && { region }),
    forcePathStyle: pathStyle === 'true',
    maxAttempts: attempts,
    // We bring our own sums and check them ourselves: not every store knows those the client would add.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: connectMs, requestTimeout: silenceMs, throwOnRequestTimeout: true },
  })
  s3.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        const headers = (args.request as { headers: Record<string, string> }).headers
        if (commandName === 'GetObjectCommand') headers['x-amz-checksum-mode'] = 'ENABLED'
        return next(args)
      },
    { step: 'build', name: 'askForChecksums' },
  )
  return s3
}
