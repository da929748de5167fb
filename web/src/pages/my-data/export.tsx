import { useState } from 'react'
import { ActionError } from '../../parts/action.tsx'
import { PartHead } from '../../parts/parts-page.tsx'
import { Progress } from '../../parts/progress.tsx'
import { useActing } from '../../state/acting.ts'
import { client } from '../../state/client.ts'
import { saveFile } from '../../state/file.ts'
import { useJob } from '../../state/job.ts'
import type { Reader } from '../../state/person.ts'
import { useTexts } from '../../texts/texts.tsx'
import type { PartProps } from './my-data.tsx'

const formats = { zip: 'zip', fhir: 'json', omh: 'ndjson' } as const
type Format = keyof typeof formats
const formatNames = Object.keys(formats) as readonly Format[]

/** Everything of a person as one file. */
export function ExportPart({ userId, reader }: PartProps) {
  const { text } = useTexts()
  const [format, setFormat] = useState<Format>('zip')
  const [asked, setAsked] = useState<{ readonly jobId: string; readonly format: Format }>()
  const { isBusy, error, act } = useActing()
  const ask = () =>
    act(async () => {
      const { jobId } = (await client.exportUser({ params: { userId }, query: { format } })).body
      setAsked({ jobId, format })
    })
  return (
    <>
      <PartHead title={text('myData.export')} text={text('export.text')} />
      <section className="panel form">
        <fieldset className="ways">
          <legend>{text('export.format')}</legend>
          {formatNames.map((name) => (
            <label key={name}>
              <input type="radio" name="format" checked={format === name} onChange={() => setFormat(name)} />
              <span>
                <strong>{text(`export.${name}`)}</strong>
                <small>{text(`export.${name}.text`)}</small>
              </span>
            </label>
          ))}
        </fieldset>
        <ActionError error={error} />
        <button type="button" className="button button-first" disabled={isBusy} onClick={ask}>
          {text('export.make')}
        </button>
      </section>
      {asked !== undefined && <Made key={asked.jobId} userId={userId} {...asked} reader={reader} />}
    </>
  )
}

interface MadeProps {
  readonly userId: string
  readonly jobId: string
  readonly format: Format
  readonly reader: Reader
}

function Made({ userId, jobId, format, reader }: MadeProps) {
  const { text } = useTexts()
  const job = useJob(jobId)
  if (job?.status === 'failed' || job?.status === 'cancelled')
    return (
      <p className="notice" role="alert">
        {text('export.failed')} {job.errors.at(-1)?.message}
      </p>
    )
  if (job?.status === 'completed')
    return <Download userId={userId} link={job.output.artifacts?.[0] ?? ''} format={format} reader={reader} />
  const share = job?.progress === undefined ? undefined : job.progress.percentage / 100
  const said = share === undefined ? text('export.waiting') : text('export.making', { share: reader.share(share) })
  return (
    <section className="panel">
      <Progress label={text('export.progress')} share={share} said={said} />
    </section>
  )
}

function Download({ userId, link, format, reader }: Omit<MadeProps, 'jobId'> & { readonly link: string }) {
  const { text } = useTexts()
  const [received, setReceived] = useState<number>()
  const { isBusy, error, act } = useActing()
  const exportId = link.split('/').at(-1) ?? ''
  const end = Number(exportId.split('_')[0]) * 1000
  const save = () =>
    act(async () => {
      setReceived(0)
      const { content } = await client.getExport({ params: { userId, exportId } })
      await saveFile(content, `${userId}-export.${formats[format]}`, setReceived)
    })
  return (
    <section className="panel" aria-label={text('export.ready')}>
      <h3>{text('export.ready')}</h3>
      <p className="quiet">{text('export.until', { time: reader.moment(end) })}</p>
      <ActionError error={error} />
      <button type="button" className="button button-first" disabled={isBusy} onClick={save}>
        {text('export.download')}
      </button>
      <p className="quiet" role="status">
        {received !== undefined && text(isBusy ? 'export.receiving' : 'export.received', { bytes: reader.bytes(received) })}
      </p>
    </section>
  )
}
