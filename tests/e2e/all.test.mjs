// Every browser test, one after the other: they share the machine, and one browser.
import { after } from 'node:test'
import { closeBrowser } from './harness.mjs'
import './chat.test.mjs'
import './call.test.mjs'
import './reload.test.mjs'
import './languages.test.mjs'
import './crash.test.mjs'
import './supervisor.test.mjs'
import './offers.test.mjs'
import './routing.test.mjs'
import './callback.test.mjs'
import './conference.test.mjs'

after(closeBrowser)
