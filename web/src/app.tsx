import { lazy, Suspense } from 'react'
import { FaultBoundary } from './fault-boundary.tsx'
import { HomePage } from './pages/home.tsx'
import { SignInPage } from './pages/sign-in.tsx'
import { StartPage } from './pages/start/start.tsx'
import { Nothing, Waiting } from './parts/states.tsx'
import { type Place, pathTo, placeOf, usePath } from './router.ts'
import { Shell } from './shell.tsx'
import { loadAhead } from './state/ahead.ts'
import { TextsProvider, useTexts } from './texts/texts.tsx'
import { useTheme } from './theme.ts'

const ArrivingPage = lazy(async () => ({ default: (await import('./pages/start/arriving.tsx')).ArrivingPage }))
const loadToday = async () => ({ default: (await import('./pages/today/today.tsx')).TodayPage })
const TodayPage = lazy(loadToday)
const MyDataPage = lazy(async () => ({ default: (await import('./pages/my-data/my-data.tsx')).MyDataPage }))
const ReceiptPage = lazy(async () => ({ default: (await import('./pages/my-data/receipt.tsx')).ReceiptPage }))
const OperatorPage = lazy(async () => ({ default: (await import('./pages/operator/operator.tsx')).OperatorPage }))
const TrendsPage = lazy(async () => ({ default: (await import('./pages/trends/trends.tsx')).TrendsPage }))
const ExplorePage = lazy(async () => ({ default: (await import('./pages/explore/explore.tsx')).ExplorePage }))

/** What most come for is on its way before it is known that they do; what fails is told where it is needed. */
export function beginLoading(): void {
  const place = placeOf(location.pathname)
  if (place?.name === 'home' || place?.name === 'today' || place?.name === 'day') loadToday().catch(() => undefined)
  loadAhead(place)
}

export function App() {
  useTheme()
  return (
    <TextsProvider>
      <FaultBoundary>
        <Routed />
      </FaultBoundary>
    </TextsProvider>
  )
}

function Routed() {
  const place = placeOf(usePath())
  if (place?.name === 'signIn') return <SignInPage />
  return (
    <Shell place={place}>
      <Suspense fallback={<Waiting />}>
        <Page place={place} />
      </Suspense>
    </Shell>
  )
}

function Page({ place }: { readonly place: Place }) {
  const { text } = useTexts()
  switch (place?.name) {
    case 'home':
      return <HomePage />
    case 'start':
      return <StartPage />
    case 'arriving':
      return <ArrivingPage key={place.params.importId} {...place.params} />
    case 'today':
      return <TodayPage userId={place.params.userId} date={undefined} />
    case 'day':
      return <TodayPage userId={place.params.userId} date={place.params.date} />
    case 'trends':
      return <TrendsPage key={place.params.userId} userId={place.params.userId} />
    case 'explore':
      return <ExplorePage key={place.params.userId} userId={place.params.userId} />
    case 'myData':
      return <MyDataPage key={place.params.userId} userId={place.params.userId} part={undefined} />
    case 'myDataPart':
      return <MyDataPage key={place.params.userId} {...place.params} />
    case 'receipt':
      return <ReceiptPage key={place.params.erasureId} {...place.params} />
    case 'operator':
      return <OperatorPage part={undefined} />
    case 'operatorPart':
      return <OperatorPage {...place.params} />
    default:
      return (
        <Nothing title={text('app.notFound')} text={text('app.notFound.text')}>
          <a className="button" href={pathTo('home', {})}>
            {text('app.toStart')}
          </a>
        </Nothing>
      )
  }
}
