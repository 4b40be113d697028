import { startPage } from '../shared/page'
import LoginApp from './LoginApp.vue'

startPage(LoginApp)
