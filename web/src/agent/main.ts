import { startPage } from '../shared/page'
import AgentApp from './AgentApp.vue'
import './agent.css'

startPage(AgentApp)
