import { startTestAws } from './local/test-aws.ts';
import { bundle } from '../lib/bundle.ts';
import { s3Objects } from '../lambdas/adapters/s3.ts';
import { bodyStore } from '../lambdas/adapters/body-store.ts';
import { encodeReferring } from '../lambdas/core/message.ts';
import { makeEvent } from './core/in-memory.ts';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
const aws = await startTestAws();
for (const b of ['b','a']) await aws.services.s3.client.send(new CreateBucketCommand({Bucket:b+'-bucket'}));
await aws.services.dynamoDb.client.send(new CreateTableCommand({TableName:'Ledg',BillingMode:'PAY_PER_REQUEST',AttributeDefinitions:[{AttributeName:'pk',AttributeType:'S'}],KeySchema:[{AttributeName:'pk',KeyType:'HASH'}]}));
aws.services.eventBridge.createBus('bus');
const bodies = bodyStore(s3Objects('b-bucket', aws.client));
const { randomBytes } = await import('node:crypto');
const size = 4_669_440;
const make: Record<string, (i:number)=>Buffer> = {
  note: (i) => { const words = Array.from({length: 700_000}, (_, n) => 'word' + ((n*7919+i)%5000)).join(' '); return Buffer.from(JSON.stringify({event_id:'e'+i, note: words.slice(0, size-50)})); },
  records: (i) => { const o:any[]=[]; while (o.length < size/90) o.push({id:'rec_'+o.length+i, name:'José Pérez', amount: o.length*3.1, flags:[1,2,3]}); return Buffer.from(JSON.stringify({event_id:'e'+i, o})); },
  random: (i) => randomBytes(size),
};
for (const [name, mk] of Object.entries(make)) {
  const Records = [];
  for (let i=0;i<10;i++) { const body = mk(i); const e = makeEvent({ key: name+i, body }); const key = await bodies.put(e); const {body:_, ...head} = e; Records.push({messageId:String(i), body: encodeReferring(head,key)}); if(i===0) console.log(name, body.length); }
  writeFileSync('/tmp/mem-event.json', JSON.stringify({Records}));
  const dir = bundle({entry:'lambdas/processor/handler.ts'});
  const script = `const h=require(${JSON.stringify(dir)}).handler;let max=0;setInterval(()=>max=Math.max(max,process.memoryUsage().rss),5).unref();
   const t=performance.now(), c=process.cpuUsage();h(JSON.parse(require('fs').readFileSync('/tmp/mem-event.json','utf8')),{awsRequestId:'r-${name}',getRemainingTimeInMillis:()=>30000}).then(r=>{const d=process.cpuUsage(c);console.log(JSON.stringify(r),'rss MB',Math.round(process.resourceUsage().maxRSS/1024),'ms',Math.round(performance.now()-t),'cpu ms',Math.round((d.user+d.system)/1000))})`;
  const MEM=Number(process.env.MEM ?? 512);
  const child = spawn(process.execPath, [`--max-old-space-size=${Math.floor(MEM*0.9)}`, `--max-semi-space-size=${Math.ceil(MEM*0.05)}`, '-e', script], {env:{PATH:process.env.PATH,AWS_REGION:'us-east-1',AWS_ACCESS_KEY_ID:'x',AWS_SECRET_ACCESS_KEY:'y',AWS_ENDPOINT_URL:aws.client.endpoint,HOOKGATE_SOURCE:'osigu',HOOKGATE_WINDOW_SECONDS:'1000',HOOKGATE_LEDGER_TABLE:'Ledg',HOOKGATE_LEASE_SECONDS:'40',HOOKGATE_BODY_BUCKET:'b-bucket',HOOKGATE_ARCHIVE_BUCKET:'a-bucket',HOOKGATE_BUS_NAME:'bus'}, stdio:['ignore','pipe','pipe']});
  let out=''; child.stdout.on('data',(d)=>out+=d); child.stderr.on('data',(d)=>out+=d);
  await new Promise(r=>child.on('exit',r)); console.log(name, out.split('\n').filter(l=>l.includes('rss')||l.includes('FATAL')||l.includes('rror')).map(l=>l.slice(0,300)).join('\n'));
}
await aws.stop();
