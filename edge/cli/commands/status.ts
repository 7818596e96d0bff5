import { operations } from '#contract/operations.ts';
import type { Command } from '../command.ts';
import { askSupervisor } from '../supervisor-client.ts';
import type { SupervisorStatus } from '../supervisor-client.ts';
import { bold, count, dim, duration, line, table } from '../terminal.ts';

export const status: Command = {
  summary: 'Show what runs: processes, database, deployments', examples: ['modelkeep status', 'modelkeep --data /srv/modelkeep status --json'],
  run: async (context) => {
    const installation = await context.client.call(operations.status);
    // Processes that run alone, as containers, have no supervisor.
    const supervisor = context.client.connection.local ? await askSupervisor<SupervisorStatus>(context.data, '/status').catch(() => undefined) : undefined;
    context.print({ ...installation, origin: supervisor?.origin ?? context.client.connection.origin, processes: supervisor?.processes ?? null, dataFolder: supervisor?.dataFolder ?? null }, () => {
      line(`${bold('Modelkeep')} ${installation.version}  ${supervisor?.origin ?? context.client.connection.origin}`);
      if (supervisor) {
        line(dim(supervisor.dataFolder));
        line(`\n${table(['PROCESS', 'PID', 'UP', 'RESTARTS'], supervisor.processes.map((each) => [each.name, String(each.pid), duration((Date.now() - Date.parse(each.startedAt)) / 1000), String(each.restarts)]))}`);
      }
      const { counts, database, ledger } = installation;
      line(`\n${database.kind} PostgreSQL ${database.version} · ${count(counts.models)} models, ${count(counts.pulled)} pulled · ${count(counts.engines)} external engines · ledger of ${count(ledger.entries)} entries`);
      if (installation.deployments.length > 0) line(`\n${table(['DEPLOYMENT', 'PROJECT', 'MODEL', 'STATE'], installation.deployments.map((each) => [each.name, each.project, each.model, each.state]))}`);
      else line('\nNo deployments yet. Make one: modelkeep deploy MODEL --serverless --name NAME');
    });
  },
};
