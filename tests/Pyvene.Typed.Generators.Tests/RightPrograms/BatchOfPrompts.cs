// A batch of pairs; every example has positions of its own.
using var model = Gpt2.Load("gpt2");
(string Base, string Source, int Subject)[] pairs =
[
    ("The capital of Spain is", "The capital of Italy is", 3),
    ("In Rome they speak", "In Paris they speak", 1),
];
var subjects = Positions.PerExample([.. pairs.Select(pair => (int[])[pair.Subject])]);
var experiment = Gpt2.Experiment.Interchange(Gpt2.Layer(2).BlockOutput.At(subjects));
using var run = model.Run(experiment, Prompt.Of([.. pairs.Select(pair => pair.Base)]), Prompt.Of([.. pairs.Select(pair => pair.Source)]));
Console.WriteLine(run.TopTokens());
