import '@fontsource-variable/inter/wght.css'
import './look/tokens.css'
import './look/base.css'
import './look/parts.css'
import './look/trends.css'
import { createRoot } from 'react-dom/client'
import { App, beginLoading } from './app.tsx'
import { refuseTexts } from './trusted-types.ts'

refuseTexts()
beginLoading()
const root = document.getElementById('root')
if (root === null) throw new Error('The page has no root')
createRoot(root).render(<App />)
