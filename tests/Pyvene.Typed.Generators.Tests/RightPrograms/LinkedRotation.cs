// Two variables in one learned rotation: the link is the object, the parts of its space have names.
using var rotation = new Pyvene.Typed.Interventions.Trainable.RotatedSpace(768);
var parts = Partition.Of((Variable.Subject, 0..128), (Variable.Relation, 128..256));
var place = Gpt2.Layer(8).BlockOutput.At(^1);
var experiment = Gpt2.Experiment
    .Apply(place.Features(parts[Variable.Subject]), rotation)
    .Apply(place.Features(parts[Variable.Relation]).From(Source.Second), rotation);
Console.WriteLine(experiment.ToConfig().ToJson(withoutTensors: true));

internal enum Variable
{
    Subject,
    Relation,
}
