using System.Collections.Immutable;
using System.Reflection;
using Pyvene.Typed.Interventions;

namespace Pyvene.Typed.Tests.House;

/// <summary>A debugger, a log or a dictionary asks any value what it says, is and equals, also one that nobody filled in.</summary>
public sealed class DefaultValueTests
{
    public static TheoryData<string> Names => [.. Types.Keys.Order(StringComparer.Ordinal)];

    private static readonly Dictionary<string, Type> Types = typeof(Intervention).Assembly.GetExportedTypes()
        .Where(type => !type.IsAbstract && !type.IsEnum && !typeof(Delegate).IsAssignableFrom(type))
        .Select(Closed)
        .OfType<Type>()
        .ToDictionary(type => type.ToString(), StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Names))]
    public void EmptyValueSaysWhatItIsAndEqualsItself(string name)
    {
        foreach (var make in Makers(Types[name]))
        {
            if (Record(make) is not { } value || Record(make) is not { } other) continue; // refuses to be empty
            using var ends = value as IDisposable;
            using var endsToo = other as IDisposable;
            Assert.NotNull(value.ToString());
            Assert.True(value.Equals(value));
            Assert.Equal(value.Equals(other), other.Equals(value));
            if (value.Equals(other)) Assert.Equal(value.GetHashCode(), other.GetHashCode());
            foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(one => one.GetIndexParameters() is []))
            {
                Record(() => property.GetValue(value));
            }
        }
    }

    private static IEnumerable<Func<object?>> Makers(Type type)
    {
        if (type.IsValueType) yield return () => Activator.CreateInstance(type);
        foreach (var constructor in type.GetConstructors().Where(one => !one.GetParameters().Any(parameter => parameter.ParameterType.IsByRefLike)))
        {
            yield return () => constructor.Invoke([.. constructor.GetParameters().Select(parameter => Nothing(parameter.ParameterType))]);
            yield return () => constructor.Invoke([.. constructor.GetParameters().Select(parameter => Empty(parameter.ParameterType))]);
        }
    }

    // An empty text, or an empty list of any kind that a parameter takes.
    private static object? Empty(Type type) => type == typeof(string) ? ""
        : type is { IsGenericType: true, GenericTypeArguments: [_] } && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>)
            ? type.GetField(nameof(ImmutableArray<int>.Empty))!.GetValue(null)
            : type is { IsInterface: true, GenericTypeArguments: [var entry] } && type.IsAssignableFrom(entry.MakeArrayType()) ? Array.CreateInstance(entry, 0)
            : Nothing(type);

    private static object? Nothing(Type type) => type.IsValueType ? Activator.CreateInstance(type) : null;

    // A value may refuse by name what it does not have; it must not fall over it.
    private static object? Record(Func<object?> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when ((error as TargetInvocationException)?.InnerException is { } inner)
        {
            Assert.False(inner is NullReferenceException or InvalidCastException or IndexOutOfRangeException, inner.ToString());
            return null;
        }
    }

    private static Type? Closed(Type type)
    {
        if (!type.IsGenericTypeDefinition) return type;
        var known = type.Assembly.GetExportedTypes().Where(one => !one.IsGenericTypeDefinition).Prepend(typeof(Gpt2)).ToArray();
        return Fitting(type, [], known).FirstOrDefault();
    }

    private static IEnumerable<Type> Fitting(Type type, Type[] chosen, Type[] known)
    {
        var parameters = type.GetGenericArguments();
        if (chosen.Length == parameters.Length) return Made(type, chosen) is { } made ? [made] : [];
        var demands = parameters[chosen.Length].GetGenericParameterConstraints();
        return known
            .Where(one => demands.All(demand => demand.IsGenericType || demand.IsGenericParameter || demand.IsAssignableFrom(one)))
            .SelectMany(one => Fitting(type, [.. chosen, one], known));
    }

    private static Type? Made(Type type, Type[] arguments)
    {
        try
        {
            return type.MakeGenericType(arguments);
        }
        catch (ArgumentException)
        {
            return null; // another constraint
        }
    }
}
