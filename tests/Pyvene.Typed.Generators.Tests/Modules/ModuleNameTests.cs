using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Pyvene.Typed.Generators.Tests.Analysis;

namespace Pyvene.Typed.Generators.Tests.Modules;

/// <summary>Classes of any name stand beside each other, and what cannot become a component is said in our words.</summary>
public sealed partial class ModuleNameTests
{
    [Theory]
    [InlineData("namespace A { «Net» «NET» } namespace a { «Net» }", 3)]
    [InlineData("namespace A { «Net» } namespace B { «Net» } «Net»", 3)]
    [InlineData("partial class Outer { «Net» } partial class OUTER { «Net» } «Net<T>» «Net<T, U>» «Net»", 5)]
    [InlineData("namespace @class { «@event» }", 1)]
    [InlineData("namespace N { [InterventionModel] partial class Net { } «Net» }", 1)]
    [InlineData("«Net<TModel>»", 1)]
    [InlineData("public partial interface IOuter { partial record struct Inner { «Net» } }", 1)]
    public void EveryClassGetsItsComponents(string program, int expected)
    {
        var source = "using Pyvene.Typed; using TorchSharp.Modules; using static TorchSharp.torch;\n"
            + Marked().Replace(program, match => Net(match.Groups[1].Value));
        var driver = CSharpGeneratorDriver.Create(new InterventionModelGenerator())
            .RunGeneratorsAndUpdateCompilation(Programs.Library(source), out var output, out var found);
        Assert.Empty(found);
        Assert.Empty(output.GetDiagnostics().Where(made => made.Severity == DiagnosticSeverity.Error && made.Id != "CS0579").Select(made => made.ToString()));
        Assert.Equal(expected, driver.GetRunResult().Results[0].GeneratedSources.Length);
    }

    [Fact]
    public async Task AModuleOfATypeParameterIsAPlace() => await Rule.FindsNothing(
        """
        Console.WriteLine(Experiment.On<Net<ReLU>>().Zero(Net<ReLU>.Components.Activation.Output).Zero(Net<ReLU>.Components.Many[0].Output));

        [InterventionModel]
        internal sealed partial class Net<TActivation> : nn.Module<Tensor, Tensor> where TActivation : nn.Module<Tensor, Tensor>
        {
            private readonly TActivation activation;
            private readonly ModuleList<TActivation> many;
            public Net(TActivation activation) : base("net") { this.activation = activation; many = nn.ModuleList(activation); RegisterComponents(); }
            public override Tensor forward(Tensor input) => many[0].call(activation.call(input));
        }
        """);

    [Theory]
    [InlineData("readonly List<Linear> [|layers|] = [nn.Linear(2, 2)];",
        "'layers' is a List<Linear>, whose modules TorchSharp does not register, so they have no places and their weights are not the model's; "
            + "make it a ModuleList<Linear>")]
    [InlineData("readonly Linear[] [|layers|] = new Linear[2];",
        "'layers' is a Linear[], whose modules TorchSharp does not register, so they have no places and their weights are not the model's; "
            + "make it a ModuleList<Linear>")]
    [InlineData("readonly Dictionary<string, Linear> [|layers|] = [];",
        "'layers' is a Dictionary<string, Linear>, whose modules TorchSharp does not register, so they have no places and their weights are not the model's; "
            + "make it a ModuleDict<Linear>")]
    [InlineData(
        "readonly Linear [|components|] = nn.Linear(2, 2);", "'components' would be named 'Components', as another is; name it with [Component(Name = \"…\")]")]
    [InlineData("readonly Linear [|getType|] = nn.Linear(2, 2);", "'getType' would be named 'GetType', as another is; name it with [Component(Name = \"…\")]")]
    [InlineData("readonly Linear fcSites = nn.Linear(2, 2); readonly Linear [|fc|] = nn.Linear(2, 2);",
        "'fc' would be named 'Fc', as another is; name it with [Component(Name = \"…\")]")]
    public async Task FieldThatCannotBecomeAComponentIsAnError(string field, string message) =>
        Assert.Equal(message, await Rule.Finds("PVT213", Class("Net", field)));

    [Theory]
    [InlineData("static readonly Linear Shared = nn.Linear(2, 2); readonly Linear[] order = [Shared]; public int Uses => order.Length;")]
    [InlineData("readonly List<Linear> layers = [nn.Linear(2, 2)]; public void Add() { foreach (var layer in layers) register_module(\"a\", layer); }")]
    public async Task ListThatOnlyOrdersModulesIsLeftAlone(string fields) => await Rule.FindsNothing(Class("Net", fields));

    [Theory]
    [InlineData(
        "[InterventionModel] partial class [|Components|]() : nn.Module<Tensor, Tensor>(\"net\") { public override Tensor forward(Tensor input) => input; }",
        "'Components' cannot offer components: it is named 'Components', as what it would offer is; name it otherwise")]
    [InlineData(
        "[InterventionModel] partial class [|Net|]() : nn.Module<Tensor, Tensor>(\"net\") { public int Components => 1; "
            + "public override Tensor forward(Tensor input) => input; }",
        "'Net' cannot offer components: it has a member 'Components' of its own; name that otherwise")]
    public async Task ClassWhoseNamesAreTakenIsAnError(string type, string message) => Assert.Equal(message, await Rule.Finds("PVT211", type));

    [Fact]
    public async Task PartThatCannotOfferComponentsOfItsOwnIsAPlace() =>
        Assert.Equal(
            "'Inner' cannot offer components: 'Inner' is not partial, so nothing can be added to it; write 'partial class Inner'",
            await Rule.Finds(
                "PVT211",
                $"Console.WriteLine(Net.Components.Inner.Output); {Class("Net", "readonly Inner inner = new();")} [InterventionModel] class [|Inner|]() : "
                    + "nn.Module<Tensor, Tensor>(\"inner\") { public override Tensor forward(Tensor input) => input; }"));

    private static string Net(string name) =>
        $"[InterventionModel] partial class {name} : nn.Module<Tensor, Tensor> {{ readonly Linear fc = nn.Linear(2, 2); "
            + $"public {name.Split('<')[0]}() : base(\"net\") => RegisterComponents(); public override Tensor forward(Tensor input) => fc.call(input); }}\n";

    private static string Class(string name, string fields) =>
        $"[InterventionModel] partial class {name} : nn.Module<Tensor, Tensor> {{ {fields} public {name}() : base(\"net\") => RegisterComponents(); "
            + "public override Tensor forward(Tensor input) => input; }";

    [GeneratedRegex("«([^»]*)»")]
    private static partial Regex Marked();
}
