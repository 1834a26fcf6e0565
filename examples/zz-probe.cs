#:project ../src/Pyvene.Typed/Pyvene.Typed.csproj
using Pyvene.Typed; using Pyvene.Typed.Models; using Pyvene.Typed.Engine; using Pyvene.Typed.Configuration; using Pyvene.Typed.Interventions; using Pyvene.Typed.Descriptors;
using TorchSharp; using static TorchSharp.torch;
using System.Diagnostics;
var model = ModelLoader.Load("/work/main/models/primer");
Console.WriteLine(string.Join(",", model.named_modules().Take(8).Select(m => m.name)));
var t = Pyvene.Typed.Checkpoints.SafetensorsFile.Open("/work/shared/primer/expect.safetensors");
Console.WriteLine(string.Join(",", t.Names));
var ids = t.Read(t.Names.First(n => n.Contains("ids")));
var ids2 = t.Read(t.Names.Where(n => n.Contains("ids")).Last());
Console.WriteLine(ids.ToString() + ids2);
if (ids.ndim==1) ids = ids.unsqueeze(0);
var src = ids.clone(); src[0,3] = 100;
var config = new InterventionConfig { Sources = 1, Interventions = [ new InterventionSpec { Intervention = new Interchange(), Site = new SiteSpec { ModulePath = "transformer.h[3]", At = Positions.Of(^1) } } ] };
using var plan = InterventionPlan.Bind(model, config);
foreach (var shares in new[]{true,false}) foreach (var clean in new[]{true,false}) {
 using var run = plan.Run(new ModelInputs { InputIds = ids }, [new ModelInputs { InputIds = src }], new RunOptions { SharesWork = shares, WithClean = clean });
 Console.WriteLine(run.Receipts[0]);
 Console.WriteLine(run.Logits[0,^1].argmax().item<long>() + " " + run.Logits[0,^1].max().item<float>() + " clean " + run.CleanLogits?[0,^1].max().item<float>());
}
long before = Tensor.TotalCount;
var sw = Stopwatch.StartNew();
for (int i = 0; i < 200; i++) { using var run = plan.Run(new ModelInputs { InputIds = ids }, [new ModelInputs { InputIds = src }]); }
Console.WriteLine($"{sw.ElapsedMilliseconds/200.0} ms a run; tensors {before} -> {Tensor.TotalCount}");
