using System.Diagnostics;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Pyvene.Typed.Generators;

namespace Pyvene.Typed.Benchmarks;

/// <summary>Measures what the generators cost an editor: their first run over all descriptors that ship, and the run behind a keystroke.</summary>
internal static class GeneratorBenchmarks
{
    private const int Rounds = 5;

    private const string Program =
        """
        using Pyvene.Typed;

        var experiment = Gpt2.Experiment.Zero(Gpt2.Layer(3).MlpOutput.At(^1));
        System.Console.WriteLine(experiment);
        """;

    /// <summary>
    /// Returns the fastest first run and the fastest run behind a keystroke, in seconds. Each first run has a process of its own: a second one in the same
    /// process would be warm.
    /// </summary>
    /// <param name="descriptors">The folder with the descriptors.</param>
    public static (double Cold, double Keystroke) InProcessesOfTheirOwn(string descriptors)
    {
        var rounds = Enumerable.Range(0, Rounds).Select(_ => Child(descriptors)).ToList();
        return (rounds.Min(round => round.Cold), rounds.Min(round => round.Keystroke));
    }

    /// <summary>Returns the first run of this process and the fastest of five runs behind an edit that concerns no generator, in seconds.</summary>
    /// <param name="descriptors">The folder with the descriptors.</param>
    public static (double Cold, double Keystroke) InThisProcess(string descriptors)
    {
        MetadataReference[] references =
            [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))];
        var files = Directory.GetFiles(descriptors, "*.pyvene.json").Select(path => new DescriptorText(path, File.ReadAllText(path))).ToList();
        var generators = typeof(ModelGenerator).Assembly.GetTypes()
            .Where(type => type.IsAssignableTo(typeof(IIncrementalGenerator)))
            .Select(type => ((IIncrementalGenerator)Activator.CreateInstance(type)!).AsSourceGenerator());

        // The compiler itself is warm, as it is in an editor.
        var empty = CSharpCompilation.Create(
            "empty", [CSharpSyntaxTree.ParseText("")], references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        empty.Emit(Stream.Null);

        var compilation = CSharpCompilation.Create(
            "program", [CSharpSyntaxTree.ParseText(Program)], references, new CSharpCompilationOptions(OutputKind.ConsoleApplication));
        var cold = Stopwatch.StartNew();
        GeneratorDriver driver = CSharpGeneratorDriver.Create(generators, files);
        driver = driver.RunGenerators(compilation);
        cold.Stop();
        if (driver.GetRunResult().GeneratedTrees.Length < files.Count)
        {
            throw new InvalidOperationException(
                $"The generator made {driver.GetRunResult().GeneratedTrees.Length} files of {files.Count} descriptors: "
                    + $"{string.Join("; ", driver.GetRunResult().Diagnostics)}");
        }

        return (cold.Elapsed.TotalSeconds, Enumerable.Range(0, Rounds).Min(round => Keystroke(driver, compilation, round)));
    }

    private static double Keystroke(GeneratorDriver driver, CSharpCompilation compilation, int round)
    {
        var edited = compilation.ReplaceSyntaxTree(compilation.SyntaxTrees[0], CSharpSyntaxTree.ParseText($"{Program}\nSystem.Console.WriteLine({round});"));
        var time = Stopwatch.StartNew();
        driver.RunGenerators(edited);
        return time.Elapsed.TotalSeconds;
    }

    private static (double Cold, double Keystroke) Child(string descriptors)
    {
        var start = new ProcessStartInfo(
            "dotnet", [typeof(GeneratorBenchmarks).Assembly.Location, "generator", "--once", "--descriptors", descriptors]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var printed = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return printed.Split() is [var cold, var keystroke, ..] && process.ExitCode == 0
            ? (double.Parse(cold, CultureInfo.InvariantCulture), double.Parse(keystroke, CultureInfo.InvariantCulture))
            : throw new InvalidOperationException($"A round ended with exit code {process.ExitCode}: {printed}");
    }
}
